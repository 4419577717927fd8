use std::process::ExitCode;

use serde_json::{Value, json};

use crate::{
    alerts::{Severity, TriedAlert, try_alert},
    command::{Program, Run, remark, say},
};

/// Try the alerts to operators
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "alert")]
pub(super) enum Alert {
    /// Send a test alert at once by each channel of a severity
    #[command(
        after_help = "Examples:\n  guildhall alert test\n  guildhall alert test --severity medium --json\n\nNothing is recorded, and no server has to run. The channels are those of the setting alert_channels that have an address. Exit codes: 0 all were sent, 1 one was not sent or none has an address, 2 wrong usage."
    )]
    Test {
        /// The severity: critical, high or medium
        #[arg(long, default_value = "critical", value_parser = named)]
        severity: Severity,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
}

fn named(text: &str) -> Result<Severity, String> {
    Severity::named(text).ok_or_else(|| format!("choose one of {}", Severity::CODES.join(", ")))
}

impl Run for Alert {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let Self::Test { severity, json } = self;
        let services = program.open().await?;
        let operators = services.operators();
        let tried = try_alert(&services.context, &operators, severity).await;
        let known: Vec<&str> = services.modules().alerts().iter().map(|rule| rule.kind).collect();
        for kind in services.config.alert_channels.kinds().filter(|kind| !known.contains(kind)) {
            remark(format_args!("alert_channels names '{kind}', but no alert is of this kind"));
        }
        services.context.db.close().await;
        let tried = tried?;
        if json {
            let all: Vec<Value> = tried.iter().map(object).collect();
            say(json!({ "severity": severity.as_str(), "alerts": all }));
        } else {
            tried.iter().for_each(|one| say(one.says()));
        }
        if tried.is_empty() {
            remark(format_args!(
                "no channel of {} alerts has an address: set SLACK_WEBHOOK_URL, GUILDHALL_ALERT_EMAILS or GUILDHALL_ALERT_PHONES",
                severity.as_str()
            ));
        }
        let is_fine = !tried.is_empty() && tried.iter().all(|one| one.result.is_ok());
        Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn object(tried: &TriedAlert) -> Value {
    let TriedAlert { channel, recipient, result } = tried;
    json!({
        "channel": channel, "recipient": recipient, "is_sent": result.is_ok(),
        "answer": result.as_ref().ok(), "error": result.as_ref().err(),
    })
}
