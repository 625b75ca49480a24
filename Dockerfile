# One image for Airflow's components, the web process and the command line.
FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/mailroom
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check uv==0.13.9 \
    && /opt/venv/bin/uv pip install --python /opt/venv/bin/python --no-cache --require-hashes --compile-bytecode -r requirements.txt
COPY pyproject.toml README.md ./
COPY include ./include
COPY erp_connectors ./erp_connectors
RUN /opt/venv/bin/uv pip install --python /opt/venv/bin/python --no-cache --no-deps --compile-bytecode . ./erp_connectors

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/mailroom mailroom
WORKDIR /opt/mailroom
COPY --from=build /opt/venv /opt/venv
COPY dags ./dags
COPY plugins ./plugins
COPY config ./config
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/var/lib/mailroom/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/mailroom/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/mailroom/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=false \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=false \
    MAILROOM_CONFIG_DIR=/opt/mailroom/config
USER mailroom
CMD ["mailroom", "serve", "--host", "0.0.0.0"]
