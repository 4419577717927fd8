//! The cost of sent messages.

use super::{EMAIL, SMS, store::sent_between};
use crate::module::{Spending, Spent};

/// The channels that cost by message.
pub(crate) const SPENDING: &[Spending] = &[
    Spending {
        code: "email",
        title: "Email",
        units: "emails",
        priced_by: "GUILDHALL_EMAIL_PRICE_USD",
        budget: |config| config.email_budget,
        read: |context, config, (since, until)| {
            Box::pin(async move {
                let sent = sent_between(&context.db, EMAIL, since, until).await?;
                Ok(Spent::at(sent, config.email_price))
            })
        },
        cheaper: None,
    },
    Spending {
        code: "text_messages",
        title: "Text messages",
        units: "text messages",
        priced_by: "GUILDHALL_TEXT_PRICE_USD",
        budget: |config| config.text_budget,
        read: |context, config, (since, until)| {
            Box::pin(async move {
                let sent = sent_between(&context.db, SMS, since, until).await?;
                Ok(Spent::at(sent, config.text_price))
            })
        },
        cheaper: None,
    },
];
