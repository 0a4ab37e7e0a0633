export TMPDIR=/nowhere
span-filter --explain 'service = "checkout" && status = error'
span-filter --explain '{ .a > 1 } | count() > 2'
span-filter --explain '.http.route = "checkout"'
