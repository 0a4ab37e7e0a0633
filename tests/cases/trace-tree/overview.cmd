trace-tree "$DATA/n_plus_one_checkout.pb"
