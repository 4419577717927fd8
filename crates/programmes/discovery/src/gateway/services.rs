use platform::{
    Context,
    config::Config,
    outside::{Condition, Service},
};

use super::{Model, Models};

const NAME: &str = "language_model";

/// Returns the service with the model for the health page.
#[must_use]
pub(crate) fn services(config: &Config) -> Vec<Service> {
    let models = Models::of(config);
    if models.get().is_none() {
        return vec![Service::absent(NAME)];
    }
    vec![Service::new(NAME, move |context: Context| {
        let models = models.clone();
        async move { look(&models, &context).await }
    })]
}

async fn look(models: &Models, context: &Context) -> Condition {
    let Some(model) = models.get() else {
        return Condition::NotConfigured;
    };
    if Model::permit(context).is_none() {
        return Condition::SwitchedOff;
    }
    match model.check(context.now()).await {
        Ok(()) => Condition::Healthy("The service accepts the key".to_owned()),
        Err(error) => Condition::Failing(format!("{error}.")),
    }
}
