/// The icon of a kind of work, which pages draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskIcon {
    /// A bell.
    Alarm,
    /// A stamp.
    Approve,
    /// A parcel.
    Box,
    /// A calendar.
    Calendar,
    /// A speech bubble.
    Dispute,
    /// A page with a pen.
    Draft,
    /// An envelope.
    Envelope,
    /// A flag.
    Flag,
    /// A gear.
    Gear,
    /// A lifebuoy.
    Help,
    /// Bars of different heights.
    Numbers,
    /// A globe.
    Network,
    /// A pause sign.
    Pause,
    /// A pen.
    Pen,
    /// A person.
    Person,
    /// A megaphone.
    Report,
    /// Two branches that join.
    Review,
    /// Scales.
    Scales,
    /// A signed page.
    Signature,
    /// Two arrows in a circle.
    Sync,
    /// A ticket.
    Ticket,
    /// A list with ticks.
    Todo,
    /// A bin.
    Trash,
    /// A trophy.
    Trophy,
    /// An arrow out of a tray.
    Upload,
    /// A triangle with a mark.
    Warning,
}
