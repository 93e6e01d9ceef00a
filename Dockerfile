# One image for web, worker and scheduler; which of them it is, the command says.
FROM python:3.12-slim-bookworm AS build
WORKDIR /portal
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.12-slim-bookworm
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    libmagic1 fontconfig fonts-ipaexfont fonts-noto-cjk fonts-noto-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home portal \
 && install -d -o portal -g portal /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA=/data
WORKDIR /portal
COPY --from=build /venv /venv
COPY . .
RUN DATA=/tmp/build python manage.py compile_translations \
 && DATA=/tmp/build python manage.py collect_assets \
 && rm -rf /tmp/build && chmod -R a+rX /portal
USER portal
