"""The files by which others watch the platform: rules of Prometheus, dashboards of Grafana, and plots."""
