// A gRPC server of @grpc/grpc-js: what it is sent goes to files, its ports to stdout.
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');

const [certificate, key, place] = process.argv.slice(2);
let count = 0;
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
    fs.writeFileSync(path.join(place, `body.${count++}`), call.request);
    callback(null, Buffer.alloc(0));
  },
});
const pair = { cert_chain: fs.readFileSync(certificate), private_key: fs.readFileSync(key) };
const ways = [
  grpc.ServerCredentials.createInsecure(),
  grpc.ServerCredentials.createSsl(null, [pair]),
];
const ports = ways.map(() => null);
ways.forEach((way, index) => {
  server.bindAsync('127.0.0.1:0', way, (error, port) => {
    ports[index] = error ? String(error) : port;
    if (!ports.includes(null)) console.log(ports.join(' '));
  });
});
process.stdin.on('end', () => process.exit(0)).resume();
