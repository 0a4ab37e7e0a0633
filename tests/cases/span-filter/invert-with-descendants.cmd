# -v shows what would not be shown without it
spans=$DATA/auth_expired.pb
for options in --ancestors --descendants '--ancestors --descendants'; do
	span-filter $options 'service = "auth" && kind = server' "$spans" >some
	span-filter -v $options 'service = "auth" && kind = server' "$spans" >others
	wc -l <some
	wc -l <others
	cat some others | sort | uniq -d | wc -l
	span-filter -vc $options 'service = "auth" && kind = server' "$spans"
done
