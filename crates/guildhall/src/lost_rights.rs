//! Ends what people let others do together with their own rights, in all modules.

use identity::model::{PERSON_BANNED, ROLE_LOWERED};
use platform::{
    ActionError, Context,
    db::Tx,
    jobs::Worker,
    module::{Modules, PersonFn},
};
use uuid::Uuid;

/// Returns the workers that end what people let others do, after a ban and with a higher role.
pub(crate) fn workers(modules: Modules) -> Vec<Worker> {
    vec![
        Worker::for_each("bans", PERSON_BANNED, modules, |tx, context, modules, person| {
            let acts = modules.iter().filter_map(|module| module.banned).collect();
            Box::pin(run(acts, tx, context, person))
        }),
        Worker::for_each("lowered-roles", ROLE_LOWERED, modules, |tx, context, modules, person| {
            let acts = modules.iter().filter_map(|module| module.role_lowered).collect();
            Box::pin(run(acts, tx, context, person))
        }),
    ]
}

/// Runs the modules' parts in one transaction, those of lower modules first.
async fn run(
    acts: Vec<PersonFn>,
    tx: &Tx,
    context: &Context,
    person: Uuid,
) -> Result<(), ActionError> {
    for act in acts {
        act(tx, context, person).await?;
    }
    Ok(())
}
