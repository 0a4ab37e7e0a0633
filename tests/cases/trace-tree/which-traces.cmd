ids() { sed -n 's/^trace \([0-9a-f]\{4\}\).*/\1/p' | tr '\n' ' '; echo; }
all() { trace-tree --no-findings "$@" "$DATA/n_plus_one_checkout.pb" "$DATA/auth_expired.pb" | ids; }
all --all
all --first 2
all --slowest 2
all --slowest 100
all --errors
all --errors --slowest 1
all -t 4bd2 -t 81EA
all --where '{ service = "auth" } && { status = error }'
all --since 2026-11-21T03:22:31.8Z
all --until 2026-11-21T03:22:31.6Z
all --all --first 2
