# what is noted while a document of more than 2 MiB is split is refused, too
{ printf '{"trace":{"batches":[],"x":"'; head -c 3000000 /dev/zero | tr '\0' x; echo '"}}'; } >large.json
otlp-decode large.json
otlp-decode --strict large.json
