use super::*;
use crate::{
    highlights::Highlights,
    season::{Season, SeasonSpec},
};

#[tokio::test]
async fn the_highlights_of_the_demo_can_be_read_with_their_files() {
    let scene = GithubScene::new().await;
    let season = Season::new(SeasonSpec::demo(scene.clock.now()));
    let highlights = Highlights::new(&season);
    scene.github.add_demo(&season, &highlights);
    let login = season.projects[0].maintainers[0].login.as_str();
    for pull in &highlights.pulls {
        let path = format!("/repos/{}/pulls/{}", pull.repo.full_name(), pull.number);
        let (status, shown) = scene.get(&path, login).await;
        assert_eq!((status, &shown["user"]["id"]), (200, &json!(pull.author.id)));
        let (_, files) = scene.get(&format!("{path}/files"), login).await;
        let names = files.as_array().expect("files").iter();
        let names: Vec<_> = names.map(|file| &file["filename"]).collect();
        let known: Vec<_> = pull.files.iter().map(|file| json!(file.filename)).collect();
        assert_eq!(names, known.iter().collect::<Vec<_>>(), "{path}");
    }
    // The others of the season are known from deliveries only.
    let other = &season.projects[1].repositories[0];
    let path = format!("/repos/{}/pulls?state=all", other.full_name());
    assert_eq!(scene.get(&path, login).await, (200, json!([])));
}
