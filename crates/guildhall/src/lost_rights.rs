//! What people let others do ends with their own rights, in all programmes.

use identity::model::{PERSON_BANNED, ROLE_LOWERED};
use platform::{audit::Actor::Operator, jobs::Worker};

/// Returns the workers that end what people let others do, after a ban and with a higher role.
pub(crate) fn workers() -> Vec<Worker> {
    vec![
        Worker::for_each("bans", PERSON_BANNED, (), |tx, context, _, person| {
            Box::pin(async move {
                hackathons::actions::replace_codes(tx, context, person.into()).await?;
                ctf::actions::end_connections(tx, context, Operator, person.into()).await
            })
        }),
        Worker::for_each("lowered-roles", ROLE_LOWERED, (), |tx, context, _, person| {
            Box::pin(ctf::actions::end_connections(tx, context, Operator, person.into()))
        }),
    ]
}
