FROM gcr.io/distroless/cc-debian12:nonroot
ENV APP_ENV=staging
ENV APP_WORKERS=2
COPY demo-service run-app.sh /app/
CMD APP_LOG_FORMAT=json exec /app/run-app.sh
