cd "$DATA" || exit
trace-stats --where 'service = "auth"' n_plus_one_checkout.pb
trace-stats --where '{ service = "auth" } && { status = error }' --by service auth_expired.pb
trace-stats --where 'span.db.namespace = "shop"' --by name n_plus_one_checkout.pb
trace-stats -t 4bd2 --by service auth_expired.pb
trace-stats --since 2026-11-21T03:22:31.8Z --by service *.pb
