use std::ops::Deref;

use bytes::Bytes;
use http::{Request, Response};

use super::{
    Attempt, Call, Course, Step,
    door::{self, Outcome},
    login, page, reply, waiting,
};
use crate::{
    cognito::{Cognito, Context, Talk, error::Error, pool::Pools, trigger::talk},
    invoke::Invoke,
};

/// Leads a request to a pool's domain to its answer, or to a question to another provider. Who is confirmed in its course is signed in
/// afterwards, so that the function that is told of the confirmation is told before those that are asked about the sign-in. The pools
/// are asked for each time, and not held while functions run.
pub(crate) async fn visit<C: Deref<Target = Cognito>>(
    cognito: impl Fn() -> C,
    invoke: &Invoke,
    request: &Request<Bytes>,
) -> Step {
    let talk_of_page = || Cognito::talk_of_page(request);
    let begun = talk(invoke, talk_of_page(), |talk| cognito().oauth(talk, request)).await;
    let user = match begun {
        Ok(Course::Step(step)) => return step,
        Ok(Course::Confirmed(user)) => Ok(user),
        Err(error) => Err(error),
    };
    let go_on = |talk: &mut Talk| cognito().go_on(talk, request, &user);
    let answer = talk(invoke, talk_of_page(), go_on).await;
    Step::Answer(answer.unwrap_or_else(|error| failed(&error)))
}

impl Cognito {
    /// Signs the user in whom the request has confirmed, or tells why nothing came of it.
    fn go_on(
        &self,
        talk: &mut Talk,
        request: &Request<Bytes>,
        user: &Result<String, Error>,
    ) -> Attempt<Response<Bytes>> {
        let Some(address) = self.address(request) else { return Attempt::Ended(Ok(reply::not_found())) };
        let call = Call { address: &address, request };
        self.attempt(talk, |pools, context| run(pools, context, &call, user))
    }
}

fn run(
    pools: &mut Pools,
    context: &Context<'_>,
    call: &Call<'_>,
    user: &Result<String, Error>,
) -> Result<Response<Bytes>, Error> {
    match user {
        Ok(user) => {
            let outcome = door::sign_in_confirmed(pools, context, &call.address.pool_id, user)?;
            let mut response = login::afterwards(pools, context, call, outcome)?;
            waiting::forget(call, &mut response);
            Ok(response)
        }
        // The sentence of a function is for users to read.
        Err(error @ Error::Trigger(_)) => login::afterwards(pools, context, call, Outcome::Refused(error.to_string())),
        Err(error) => Err(error.clone()),
    }
}

/// The page of what is nobody's mistake.
pub(super) fn failed(error: &Error) -> Response<Bytes> {
    page::error("server_error", &error.to_string(), 500)
}
