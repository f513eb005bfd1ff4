"""The paperless-ngx client and the record store built on it; the only place that says `document`."""
