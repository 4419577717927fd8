//! The module's part of the demo: the name of a community, and what it says about itself.

use platform::{
    audit::Actor,
    config::Config,
    module::{Demo, Services},
};

use crate::{
    actions::{NewText, save_text},
    model::TextName,
    reads,
};

/// The demo data of this module.
pub(crate) const DEMO: Demo = Demo {
    says: "the texts about the community",
    configure,
    simulate: |_, _| Box::pin(async { Ok(()) }),
    prepare: |_, _| Box::pin(async { Ok(()) }),
    fill: |services, _, _| Box::pin(fill(services)),
};

const NAME: &str = "Fenwick Commons";

const DESCRIPTION: &str = "We build open software together: log search, file sync, a garden planner, heat maps from small sensors. \
    Anyone can join, from anywhere, beginners too.";

/// The texts, in place of the proposed ones.
const TEXTS: [(TextName, &str); 2] =
    [(TextName::About, include_str!("about.md")), (TextName::Contact, include_str!("contact.md"))];

/// The name of a server whose operator chose none.
const UNNAMED: &str = "Guildhall";

/// Names the community, unless the operator named or described it.
fn configure(config: &mut Config) {
    if config.community_name == UNNAMED && config.community_description.is_empty() {
        NAME.clone_into(&mut config.community_name);
        DESCRIPTION.clone_into(&mut config.community_description);
    }
}

/// Saves the texts of the community of the demo. Those that were written before stay.
async fn fill(services: &Services) -> anyhow::Result<()> {
    if services.config.community_name != NAME {
        return Ok(());
    }
    let written = reads::newest(&services.context.db).await?;
    for (name, body) in TEXTS {
        if written.iter().all(|version| version.name != name) {
            let new = NewText { body, based_on: 0 };
            save_text(&services.context, Actor::Operator, name, new).await?;
        }
    }
    Ok(())
}
