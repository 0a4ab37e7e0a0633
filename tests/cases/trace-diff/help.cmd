trace-diff --help
