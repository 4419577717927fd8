//! The stock of rewards as a metric.

use hackathons::{
    actions::{NewReward, archive_reward, create_reward},
    rules::rewards::RewardInput,
};
use platform::{Context, audit::Actor::Operator};

use crate::process::{Sandbox, sandbox::metrics};

async fn reward(context: &Context, name: &str, stock: Option<&str>) -> String {
    let text = |text: &str| Some(text.to_owned());
    let details = RewardInput {
        name: text(name),
        kind: text("swag"),
        cost: text("10"),
        stock: stock.and_then(text),
        low_stock: stock.and_then(|_| text("5")),
        ..RewardInput::default()
    };
    let created = create_reward(context, Operator, NewReward { slug: None, details }).await;
    created.expect("a reward").slug
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_of_rewards_is_a_metric() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&["--no-jobs"]).await;
    let context = sandbox.context();
    let (few, any) =
        (reward(&context, "Mug", Some("3")).await, reward(&context, "Sticker", None).await);
    let text = metrics(&sandbox.url()).await;
    for line in [
        format!("reward_stock{{reward=\"{few}\"}} 3"),
        format!("reward_stock_threshold{{reward=\"{few}\"}} 5"),
        format!("reward_stock{{reward=\"{any}\"}} NaN"),
    ] {
        assert!(text.contains(&line), "{line}: {text}");
    }
    archive_reward(&context, Operator, &few, true).await.expect("archived");
    let text = metrics(&sandbox.url()).await;
    assert!(text.contains(&format!("reward_stock{{reward=\"{few}\"}} NaN")), "{text}");
    drop(server);
    sandbox.remove().await;
}
