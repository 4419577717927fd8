crate::codes! {
    /// The purpose of a picture, which decides its size.
    PictureUse {
        /// The portrait of a person.
        Face = "face", "Portrait";
        /// The mark of a community, an event, a project or a team.
        Mark = "mark", "Mark";
        /// The banner of an event.
        Banner = "banner", "Banner";
        /// A picture of a project or a submission, and pictures in texts.
        Gallery = "gallery", "Picture";
    }
}

impl PictureUse {
    /// Returns the width and the height of its pictures.
    #[must_use]
    pub const fn size(self) -> (u32, u32) {
        match self {
            Self::Face | Self::Mark => (256, 256),
            Self::Banner => (1200, 400),
            Self::Gallery => (1280, 720),
        }
    }
}

crate::codes! {
    /// The origin of a picture.
    PictureSource {
        Upload = "upload";
        /// The avatar of the person's account on GitHub.
        Github = "github";
    }
}
