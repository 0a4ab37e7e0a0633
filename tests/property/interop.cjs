// Servers of @grpc/grpc-js, plain and with TLS, and of node's http: what they are sent goes to files,
// their ports to stdout.  Where OpenTelemetry's packages have types of OTLP (otlp-transformer up to
// 0.212), what goes to the files is what those understood, and the answers are theirs.
const fs = require('fs');
const http = require('http');
const path = require('path');
const zlib = require('zlib');
const grpc = require('@grpc/grpc-js');

const [certificate, key, place] = process.argv.slice(2);
let count = 0;
let types;
try {
  const root = require('@opentelemetry/otlp-transformer/build/src/generated/root');
  types = root.opentelemetry.proto.collector.trace.v1;
} catch {
  types = undefined;
}

const understood = (bytes) => {
  const request = types && types.ExportTraceServiceRequest;
  return request ? Buffer.from(request.encode(request.decode(bytes)).finish()) : bytes;
};
const answer = types
  ? Buffer.from(types.ExportTraceServiceResponse.encode({ partialSuccess: {} }).finish())
  : Buffer.alloc(0);
const keep = (bytes) => fs.writeFileSync(path.join(place, `body.${count++}`), bytes);

const service = {
  Export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes) => bytes,
    requestDeserialize: (bytes) => bytes,
    responseSerialize: (bytes) => bytes,
    responseDeserialize: (bytes) => bytes,
  },
};
const server = new grpc.Server();
server.addService(service, {
  Export(call, callback) {
    keep(understood(call.request));
    callback(null, answer);
  },
});
const pair = { cert_chain: fs.readFileSync(certificate), private_key: fs.readFileSync(key) };
const ways = [
  grpc.ServerCredentials.createInsecure(),
  grpc.ServerCredentials.createSsl(null, [pair]),
];
const ports = [...ways.map(() => null), null];
const tell = (index, port) => {
  ports[index] = port;
  if (!ports.includes(null)) console.log(types ? 'types' : 'none', ports.join(' '));
};
ways.forEach((way, index) => {
  server.bindAsync('127.0.0.1:0', way, (error, port) => {
    tell(index, error ? String(error) : port);
  });
});
const plain = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces);
    keep(understood(request.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(body) : body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(answer);
  });
});
plain.listen(0, '127.0.0.1', () => tell(ways.length, plain.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
