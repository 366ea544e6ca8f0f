// @ts-check
// An S3 server over a folder: s3rver, and two things that Amazon S3 does beyond it (Amazon S3 API Reference, PutObject, CompleteMultipartUpload; Amazon S3
// data consistency model). Arguments: FOLDER conditional|unconditional; the second leaves both out.
// 1. With `If-None-Match: *` an object is created only where its name is free, else the answer is 412.
// 2. An object is seen whole or not at all: whoever asks for one that is being written waits.
"use strict";
const S3rver = require("s3rver");

const [directory, kind] = process.argv.slice(2);
const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, vhostBuckets: false, configureBuckets: [{ name: "cleanroom" }] });
/** The end of the last creation of a name that is under way. @type {Map<string, Promise<void>>} */
const creations = new Map();

async function asAmazonDoes(context, next) {
  const [, bucket, ...steps] = decodeURIComponent(context.path).split("/");
  const key = steps.join("/");
  const before = creations.get(key);
  const isCreation = context.method === "PUT" ? !("partNumber" in context.query) : context.method === "POST" && "uploadId" in context.query;
  if (!isCreation) {
    await before;
    return next();
  }
  let end;
  const creation = new Promise(ended => { end = ended; });
  creations.set(key, creation);
  try {
    await before;
    if (context.headers["if-none-match"] === "*" && await server.store.existsObject(bucket, key)) {
      context.status = 412;
      context.type = "application/xml";
      context.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message><Condition>If-None-Match</Condition></Error>";
      context.req.resume();
      return;
    }
    await next();
  } finally {
    if (creations.get(key) === creation) creations.delete(key);
    end();
  }
}

if (kind === "conditional") server.middleware.unshift(asAmazonDoes);
server.run().then(address => console.log(`listens on ${address.port}`));
