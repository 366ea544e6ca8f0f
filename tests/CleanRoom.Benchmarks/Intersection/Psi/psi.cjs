// The size of the intersection of two lists by OpenMined's protocol: both parties in one process, every message through its bytes.
// Arguments: two CSV files of one column. Prints the size and the milliseconds.
'use strict';

const { readFileSync } = require('node:fs');
const PSI = require('@openmined/psi.js');

const read = path => readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);

(async () => {
  const [serverList, clientList] = process.argv.slice(2).map(read);
  const psi = await PSI();
  const began = process.hrtime.bigint();
  const server = psi.server.createWithNewKey(false);
  const client = psi.client.createWithNewKey(false);

  // Raw: exact. The other structures have false positives.
  const setup = server.createSetupMessage(0.0, clientList.length, serverList, psi.dataStructure.Raw).serializeBinary();
  const request = client.createRequest(clientList).serializeBinary();
  const response = server.processRequest(psi.request.deserializeBinary(request)).serializeBinary();
  const size = client.getIntersectionSize(psi.serverSetup.deserializeBinary(setup), psi.response.deserializeBinary(response));
  console.log(`${size} ${Number(process.hrtime.bigint() - began) / 1e6}`);
})();
