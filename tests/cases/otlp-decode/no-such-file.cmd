# the others are read all the same
otlp-decode --check missing.json "$DATA/bom.json"
