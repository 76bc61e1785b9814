// Signs a user in with Amplify's own library, which proves the password, and prints whose token it got. Arguments: settings, name,
// password.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [settings, username, password] = process.argv.slice(2);
const { endpoint, pool, client } = JSON.parse(settings);
const require = createRequire(`${process.env.NODE_PATH}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { Amplify } = await load("aws-amplify");
const { fetchAuthSession, fetchUserAttributes, signIn } = await load("aws-amplify/auth");

Amplify.configure({ Auth: { Cognito: { userPoolId: pool, userPoolClientId: client, userPoolEndpoint: endpoint } } });
const { nextStep } = await signIn({ username, password });
const { tokens } = await fetchAuthSession({ forceRefresh: true });
const { email } = await fetchUserAttributes();
console.log(JSON.stringify({ step: nextStep.signInStep, email, use: tokens.accessToken.payload.token_use }));
