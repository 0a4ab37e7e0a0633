span-filter --lint 'status = error && kind = server || duration > 1s'; echo $?
span-filter --lint '.a != 1'; echo $?
span-filter --lint 'name =~ "pg"'; echo $?
span-filter --lint 'status = error'; echo $?
span-filter --lint 'true' --drop '.a != 1' --sample 5% --keep 'duration > 5'; echo $?
