# what would be read twice is refused
echo 0b | span-filter -c -t @- true -; echo $?
echo 0b | span-filter -c -t @- true; echo $?
echo true | span-filter -c -f -; echo $?
echo true | span-filter -c -f - -t @- "$DATA/auth_expired.pb"; echo $?
echo true | span-filter -c -f - "$DATA/auth_expired.pb"; echo $?
echo 0b | span-filter -c -t @- "$DATA/auth_expired.pb"; echo $?
echo true | span-filter --ast -f -; echo $?
