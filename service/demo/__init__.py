"""A year in the sample office, told through the command alone: `python -m service.demo FOLDER`."""
