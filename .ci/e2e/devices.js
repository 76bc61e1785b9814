// Signs a user in twice with amazon-cognito-identity-js, which remembers the device, and prints what was asked each time and what devices
// there are. Arguments: settings, name, password, and a code of the user's authenticator app.
const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");

const [settings, Username, Password, code] = process.argv.slice(2);
const { endpoint, pool, client } = JSON.parse(settings);
function fail(error) {
  console.error(error);
  process.exit(1);
}

const promised = (call) => new Promise((resolve) => call({ onSuccess: resolve, onFailure: fail }));

// What Cognito is asked and what it asks, until there are tokens.
function signIn() {
  const Pool = new CognitoUserPool({ UserPoolId: pool, ClientId: client, endpoint }); // of its own: what follows is written down
  const user = new CognitoUser({ Username, Pool });
  const asked = [];
  const request = user.client.request.bind(user.client);
  user.client.request = (operation, input, answer) =>
    request(operation, input, (error, data) => {
      asked.push(error?.code ?? data.ChallengeName ?? operation);
      answer(error, data);
    });
  return new Promise((resolve) => {
    const callbacks = {
      onFailure: fail,
      onSuccess: (session) => resolve({ user, session, asked: [...asked] }),
      totpRequired: () => user.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"),
    };
    user.authenticateUser(new AuthenticationDetails({ Username, Password }), callbacks);
  });
}

async function main() {
  const first = await signIn();
  const again = await signIn();
  const refreshed = await new Promise((resolve) =>
    again.user.refreshSession(again.session.getRefreshToken(), (error, session) => (error ? fail(error) : resolve(session))),
  );
  const { Devices } = await promised((callbacks) => again.user.listDevices(10, null, callbacks));
  await promised((callbacks) => again.user.getDevice(callbacks));
  await promised((callbacks) => again.user.setDeviceStatusNotRemembered(callbacks));
  await promised((callbacks) => again.user.setDeviceStatusRemembered(callbacks));
  await promised((callbacks) => again.user.forgetSpecificDevice(Devices[0].DeviceKey, callbacks));
  const names = Devices[0].DeviceAttributes.map(({ Name }) => Name);
  const use = refreshed.getAccessToken().decodePayload();
  console.log(
    JSON.stringify({ first: first.asked, again: again.asked, devices: Devices.length, names, same: use.device_key === Devices[0].DeviceKey }),
  );
}

main().catch(fail);
