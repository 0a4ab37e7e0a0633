# what the lengths lead to is read, though the first message is none
{ printf '\0\0\0\006\377\377\377\377\377\377'; cat "$DATA/collector.be32"; } >damaged.be32
otlp-decode damaged.be32 | wc -l
