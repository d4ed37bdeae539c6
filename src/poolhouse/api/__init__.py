"""The AWS JSON 1.1 edge: http.handle answers POST /."""
