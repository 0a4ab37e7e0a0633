show() { trace-stats --by service --to tsv "$@" "$DATA/n_plus_one_checkout.pb" | cut -f 1 | tr '\n' ' '; echo; }
show
show --sort count
show --sort p50
show --sort mean
show --sort group
show --sort errors
show --sort errors --top 3
show --top 0
