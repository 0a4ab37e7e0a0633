# a trace may match by what it does not have
cd "$DATA"
span-filter -l '{ name = "nothing" } | count() = 0' auth_expired.pb
span-filter -c --spansets '{ name = "nothing" } | count() = 0' auth_expired.pb
span-filter -cT '{ name = "nothing" } | count() = 0' auth_expired.pb
span-filter -cT --sample 1/1000000 --keep '{ name = "nothing" } | count() = 0' auth_expired.pb
