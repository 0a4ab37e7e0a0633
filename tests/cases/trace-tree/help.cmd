trace-tree --help
