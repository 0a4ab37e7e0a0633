# what would be ignored is refused
cd "$DATA"
for option in -v --ancestors --descendants '--drop true' --reparent; do
	span-filter --spansets $option 'true' auth_expired.pb; echo $?
done
span-filter -l -T 'true' auth_expired.pb; echo $?
span-filter -l --fields name 'true' auth_expired.pb; echo $?
span-filter --fields 'name, events' 'true' auth_expired.pb; echo $?
span-filter '' auth_expired.pb; echo $?
span-filter ' ' auth_expired.pb; echo $?
