"""A year in the sample office, played by the command alone: `python -m service.demo FOLDER`."""
