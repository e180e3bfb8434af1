# The API of graphsvc. Build: docker compose build
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/main.txt requirements/
RUN python -m venv /opt/graphsvc \
 && /opt/graphsvc/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && /opt/graphsvc/bin/pip install --no-cache-dir --require-hashes --no-build-isolation -r requirements/main.txt
COPY . .
RUN /opt/graphsvc/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home graphsvc && install -d -o graphsvc -g graphsvc -m 0700 /var/lib/graphsvc
COPY --from=build /opt/graphsvc /opt/graphsvc
ENV PATH=/opt/graphsvc/bin:$PATH GRAPHSVC_HOME=/var/lib/graphsvc PYTHONUNBUFFERED=1
USER graphsvc
WORKDIR /var/lib/graphsvc
VOLUME /var/lib/graphsvc
EXPOSE 8000
CMD ["graphsvc", "serve", "--host", "0.0.0.0", "--port", "8000"]
