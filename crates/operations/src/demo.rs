//! The module's part of the demo: prices of a small server, and feedback of the people whom visitors can sign in as.

use identity::{
    model::{DemoPeople, UserId},
    reads::person,
};
use platform::{
    config::Config,
    module::{Demo, Services},
};

use crate::{
    actions::{NewFeedback, send_feedback},
    reads::feedback_before,
};

/// The demo data of this module.
pub(crate) const DEMO: Demo = Demo {
    says: "feedback about the server",
    configure,
    simulate: |_, _| Box::pin(async { Ok(()) }),
    prepare: |_, _| Box::pin(async { Ok(()) }),
    fill: |services, _, _| Box::pin(fill(services)),
};

/// The words of people, by their part in the demo.
const FEEDBACK: [(&str, NewFeedback<'static>); 3] = [
    (
        "coach",
        NewFeedback {
            kind: "question",
            words: "Can two coaches see the same roster? My colleague takes over the class in January.",
            page: "/ctf",
        },
    ),
    (
        "organizer",
        NewFeedback {
            kind: "idea",
            words: "The list of applications could say which time zone people are in, so that teams meet at the same hours.",
            page: "/hackathons",
        },
    ),
    (
        "maintainer",
        NewFeedback {
            kind: "problem",
            words: "On my phone I had to scroll for a while to find the pull requests that are due today.",
            page: "/work",
        },
    ),
];

/// Keeps the demo out of the copies of another database, and sets prices and a budget, unless the operator set a price, in
/// millionths of a dollar.
fn configure(config: &mut Config) {
    config.backup_log = false;
    let prices = [
        config.email_price,
        config.text_price,
        config.database_price,
        config.disk_price,
        config.machine_price,
    ];
    if prices.iter().any(|price| *price > 0) {
        return;
    }
    config.email_price = 1_000;
    config.database_price = 120_000;
    config.disk_price = 80_000;
    config.machine_price = 15_000;
    config.budget = 25_000_000;
}

/// Sends the feedback, unless there is some.
async fn fill(services: &Services) -> anyhow::Result<()> {
    let context = &services.context;
    if !feedback_before(&context.db, None, None, 1).await?.is_empty() {
        return Ok(());
    }
    let people = services.extensions.get::<DemoPeople>().cloned().unwrap_or_default();
    for (part, new) in FEEDBACK {
        let Some(sender) = people.0.iter().find(|one| one.part == part) else {
            continue;
        };
        if let Some(sender) = person(&context.db, &sender.account.login).await? {
            send_feedback(context, UserId::from(sender.id), new).await?;
        }
    }
    Ok(())
}
