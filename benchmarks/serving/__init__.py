"""What benchmarks/service.py starts, asks and measures."""
