# Three stages: build the wheel with the locked tools, install it with the locked libraries, ship only the result and the
# few system libraries it needs. State lives in /var/lib/cmb; mount a volume there. How to run it: docs/operations.md.

FROM python:3.13-slim-bookworm AS wheel
WORKDIR /src
COPY requirements-dev.lock ./
RUN python -m pip install --no-cache-dir --require-hashes --no-deps -r requirements-dev.lock
COPY pyproject.toml README.md LICENSE ./
COPY forms forms
COPY parsers parsers
COPY signing signing
COPY service service
RUN python -m pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheel .

FROM python:3.13-slim-bookworm AS installed
RUN python -m venv /opt/cmb
COPY requirements.lock ./
RUN /opt/cmb/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY --from=wheel /wheel /wheel
RUN /opt/cmb/bin/pip install --no-cache-dir --no-deps --no-index /wheel/*.whl

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/cmb --shell /usr/sbin/nologin cmb \
    && install --directory --owner cmb --group cmb --mode 0700 /var/lib/cmb
COPY --from=installed /opt/cmb /opt/cmb
ENV PATH=/opt/cmb/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LC_ALL=C.UTF-8 \
    CMB_HOME=/var/lib/cmb
# By number, so that an orchestrator can tell that it is not root.
USER 10001:10001
WORKDIR /var/lib/cmb
VOLUME /var/lib/cmb
EXPOSE 8000
# Asks the web service whether database, storage and a worker are there; start a container that runs `cmb worker` with
# --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=8)"]
ENTRYPOINT ["cmb"]
CMD ["serve", "--host", "0.0.0.0"]
