// Starts a Bluesky PDS and the directory of identities that it needs, both on
// loopback, with their data in a folder:
//
//   node pds.mjs MODULES DATA PDS-PORT PLC-PORT
//
// and says "ready" when it takes requests.
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import net from 'node:net'

const [modules, data, port, plcPort] = process.argv.slice(2)

// Both servers would listen on every interface.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  return typeof args[0] === 'number' ? listen.call(this, args[0], '127.0.0.1', ...args.slice(1)) : listen.apply(this, args)
}

const require = createRequire(join(modules, '/'))
const { PlcServer, Database } = require('@did-plc/server')
const plc = await PlcServer.create({ db: Database.mock(), port: Number(plcPort) })
await plc.start()

mkdirSync(join(data, 'blobs'), { recursive: true })
const secret = (bytes) => randomBytes(bytes).toString('hex')
Object.assign(process.env, {
  PDS_PORT: port,
  PDS_HOSTNAME: 'localhost',
  PDS_DEV_MODE: 'true',
  PDS_DATA_DIRECTORY: data,
  PDS_BLOBSTORE_DISK_LOCATION: join(data, 'blobs'),
  PDS_DID_PLC_URL: `http://127.0.0.1:${plcPort}`,
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
  PDS_INVITE_REQUIRED: 'false',
  PDS_DISABLE_SSRF_PROTECTION: 'true',
  PDS_JWT_SECRET: secret(16),
  PDS_ADMIN_PASSWORD: secret(16),
  PDS_DPOP_SECRET: secret(32),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret(32),
  PDS_BLOB_UPLOAD_LIMIT: String(5 * 1024 * 1024),
  LOG_ENABLED: 'false',
})
const main = require.resolve('@atproto/pds/package.json').replace('package.json', 'dist/index.js')
const { PDS, readEnv, envToCfg, envToSecrets } = await import(pathToFileURL(main))
const env = readEnv()
const pds = await PDS.create(envToCfg(env), envToSecrets(env))
await pds.start()
console.log('ready')
