use platform::{
    Context,
    config::Config,
    outside::{Condition, Service},
};

use super::{PlatformError, Platforms};

const NAME: &str = "game_platform";

/// Returns the game platform for the health page.
#[must_use]
pub fn services(config: &Config) -> Vec<Service> {
    let platforms = Platforms::of(config);
    if !platforms.is_configured() {
        return vec![Service::absent(NAME)];
    }
    vec![Service::new(NAME, move |context: Context| {
        let platforms = platforms.clone();
        async move { look(&platforms, &context).await }
    })]
}

/// Asks for an account that does not exist, which shows that the platform accepts the token.
async fn look(platforms: &Platforms, context: &Context) -> Condition {
    let Some(checks) = platforms.health(context) else {
        return Condition::NotConfigured;
    };
    match checks.token().await {
        Ok(()) => Condition::Healthy("The game platform accepts the token".to_owned()),
        Err(PlatformError::SwitchedOff(_)) => Condition::SwitchedOff,
        Err(error) => Condition::Failing(error.message()),
    }
}
