use identity::commands::{SetupCodeArgs, setup_code};
use platform::config::Config;

use super::place;

pub(super) async fn run(config: Config, args: &SetupCodeArgs) -> anyhow::Result<()> {
    let app = place::open(config).await?;
    setup_code(&app.context, &app.config.site(), args).await?;
    app.context.db.close().await;
    Ok(())
}
