//! The look of figures: every size, weight, distance, pattern and neutral colour, in points, once.

use neurodyn_figure::Dash;
use plotters::style::RGBColor;

/// What a figure is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// White paper: journals.
    #[default]
    Print,
    /// Off-white ground, larger type, heavier lines: screens and slides.
    Light,
}

impl Theme {
    /// Every theme.
    pub const ALL: &[Theme] = &[Theme::Print, Theme::Light];

    /// Its name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Print => "print",
            Theme::Light => "light",
        }
    }

    /// The theme of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|theme| theme.name() == name)
    }
}

/// Near black, for text, axes and lone series.
pub(super) const INK: RGBColor = RGBColor(26, 26, 26);
/// Guides and neutral legend entries.
pub(super) const GREY: RGBColor = RGBColor(110, 110, 110);
/// Guide bands.
pub(super) const PALE: RGBColor = RGBColor(232, 232, 232);

/// Lengths are in hundredths of a point, the unit of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Style {
    /// Its name.
    pub theme: Theme,
    /// The ground.
    pub paper: RGBColor,

    /// Type of axis labels, titles and panel letters.
    pub label: i32,
    /// Type of tick labels.
    pub tick: i32,
    /// Type of legends and notes.
    pub legend: i32,

    /// Weight of data lines.
    pub line: u32,
    /// Weight of error bars.
    pub error_bar: u32,
    /// Weight of lines that join data, and of the middle of dense points.
    pub join: u32,
    /// Weight of a line from the end of a curve to its label, and of slope triangles.
    pub leader: u32,
    /// Weight of frames.
    pub axis: u32,
    /// Weight of ticks.
    pub tick_line: u32,
    /// Weight of dotted guides.
    pub guide: u32,
    /// Weight of dotted lines of data.
    pub dotted: u32,
    /// Weight of contours, and of the light line under them.
    pub contour: u32,
    pub contour_ground: u32,
    /// How long a line that passes over another has a light ground, on either side of it, and the width of that.
    pub bridge: i32,
    pub bridge_ground: u32,
    /// Weight of a ring.
    pub ring: u32,
    /// Weight of an arrow.
    pub arrow: u32,
    /// Edge of markers in the colour of the paper.
    pub halo: i32,

    /// Half the size of a marker; the least, at which shapes are still told apart; that of a dot in large sets.
    pub marker: i32,
    pub marker_least: i32,
    pub dot: i32,
    /// Points with errors that are nearer than this along their curve are a line with a band.
    pub dense: i32,
    /// Length of ticks.
    pub major: i32,
    pub minor: i32,
    /// Longest head of an arrow; half the length of arrows, at least and at most.
    pub arrow_head: i32,
    pub arrow_half: (i32, i32),

    /// From a frame to the tick labels at its sides and below it.
    pub tick_gap: i32,
    pub foot_gap: i32,
    /// Least room between two tick labels in a row.
    pub tick_room: i32,
    /// From tick labels to the label of an axis.
    pub label_gap: i32,
    /// From a frame to labels of lines that end there.
    pub end_gap: i32,
    /// From a guide to its name.
    pub mark_gap: i32,
    /// Height of the arrow at the end of a bar.
    pub bar_arrow: i32,
    /// From a frame to its colour bar, the width of the bar, and from its label to what is beside it.
    pub bar_gap: i32,
    pub bar_width: i32,
    pub bar_room: i32,
    /// From a frame to the baseline of its title, and from there to a legend under it.
    pub title_gap: i32,
    pub title_legend_gap: i32,
    /// The line that sums up residuals: its type, its height above a frame, from the frame to its baseline.
    pub verdict: i32,
    pub verdict_row: i32,
    pub verdict_gap: i32,
    /// Room around the page, between cells of the grid, under a shared legend.
    pub pad: i32,
    pub between: i32,
    pub shared_gap: i32,
    /// Strip of residuals: distance from its panel, least and greatest height.
    pub strip_gap: i32,
    pub strip: (i32, i32),
    /// Smallest frame.
    pub least_frame: (i32, i32),
    /// From the frame to notes and to legends inside it.
    pub inset: i32,
    pub legend_inset: i32,

    /// Legends: distance of baselines, from the top to the first, from sample to text, between columns, length of samples
    /// of lines and of markers.
    pub row: i32,
    pub first_baseline: i32,
    pub sample_gap: i32,
    pub column_gap: i32,
    pub sample_line: i32,
    pub sample_marker: i32,

    /// Opacity of bands, of areas in a stack, of bands of standard errors, and of the ground of notes that stand on data.
    pub band: f64,
    pub stack: f64,
    pub under: f64,
    pub note: f64,
    /// Dash patterns, as SVG has them.
    dashed: &'static str,
    dotted_pattern: &'static str,
    dash_dot: &'static str,
    long_dash: &'static str,
}

/// Hundredths of a point.
const fn pt(points: f64) -> i32 {
    (points * 100.0 + 0.5) as i32
}

/// A weight in hundredths of a point.
const fn weight(points: f64) -> u32 {
    pt(points).unsigned_abs()
}

const PRINT: Style = Style {
    theme: Theme::Print,
    paper: RGBColor(255, 255, 255),
    label: pt(8.5),
    tick: pt(7.6),
    legend: pt(7.6),
    line: weight(0.9),
    error_bar: weight(0.7),
    join: weight(0.5),
    leader: weight(0.4),
    axis: weight(0.55),
    tick_line: weight(0.5),
    guide: weight(0.7),
    dotted: weight(1.0),
    contour: weight(1.0),
    contour_ground: weight(1.5),
    bridge: pt(1.7),
    bridge_ground: weight(2.2),
    ring: weight(0.7),
    arrow: weight(0.5),
    halo: pt(0.35),
    marker: pt(1.85),
    marker_least: pt(1.6),
    dot: pt(0.6),
    dense: pt(3.3),
    major: pt(2.8),
    minor: pt(1.5),
    arrow_head: pt(2.2),
    arrow_half: (pt(1.5), pt(7.0)),
    tick_gap: pt(2.6),
    foot_gap: pt(3.4),
    tick_room: pt(5.0),
    label_gap: pt(2.8),
    end_gap: pt(4.0),
    mark_gap: pt(1.6),
    bar_arrow: pt(6.0),
    bar_gap: pt(5.0),
    bar_width: pt(6.5),
    bar_room: pt(7.0),
    title_gap: pt(4.3),
    title_legend_gap: pt(1.5),
    verdict: pt(6.8),
    verdict_row: pt(8.6),
    verdict_gap: pt(2.6),
    pad: pt(2.0),
    between: pt(7.0),
    shared_gap: pt(3.5),
    strip_gap: pt(3.5),
    strip: (pt(15.0), pt(34.0)),
    least_frame: (pt(20.0), pt(15.0)),
    inset: pt(2.0),
    legend_inset: pt(4.5),
    row: pt(9.8),
    first_baseline: pt(6.4),
    sample_gap: pt(3.0),
    column_gap: pt(9.0),
    sample_line: pt(15.0),
    sample_marker: pt(7.0),
    band: 0.22,
    stack: 0.8,
    under: 0.38,
    note: 0.85,
    dashed: "4 2",
    dotted_pattern: ".9 1.8",
    dash_dot: "5 1.6 .9 1.6",
    long_dash: "8 2.4",
};

const LIGHT: Style = Style {
    theme: Theme::Light,
    paper: RGBColor(252, 251, 247),
    label: pt(9.2),
    tick: pt(8.2),
    legend: pt(8.2),
    line: weight(1.25),
    error_bar: weight(0.9),
    join: weight(0.65),
    leader: weight(0.5),
    axis: weight(0.75),
    tick_line: weight(0.65),
    guide: weight(0.9),
    dotted: weight(1.3),
    contour: weight(1.3),
    contour_ground: weight(2.0),
    bridge_ground: weight(2.8),
    ring: weight(0.9),
    arrow: weight(0.65),
    halo: pt(0.45),
    marker: pt(2.2),
    marker_least: pt(1.9),
    dot: pt(0.75),
    dense: pt(3.9),
    major: pt(3.0),
    row: pt(10.5),
    first_baseline: pt(6.9),
    dashed: "5 2.5",
    dotted_pattern: "1.2 2.2",
    dash_dot: "6.5 2 1.2 2",
    long_dash: "10 3",
    ..PRINT
};

impl Style {
    /// The style of a theme.
    pub fn for_theme(theme: Theme) -> Self {
        match theme {
            Theme::Print => PRINT,
            Theme::Light => LIGHT,
        }
    }

    /// The same with type of this many points at least and at most, and room for it.
    pub fn with_type(mut self, least: f64, greatest: f64) -> Self {
        let (least, greatest) = ((least * 100.0).ceil() as i32, (greatest * 100.0).floor() as i32);
        let (legend, verdict) = (self.legend, self.verdict);
        for size in [&mut self.label, &mut self.tick, &mut self.legend, &mut self.verdict] {
            *size = (*size).max(least).min(greatest);
        }
        for row in [&mut self.row, &mut self.first_baseline] {
            *row = *row * self.legend / legend;
        }
        self.verdict_row = self.verdict_row * self.verdict / verdict;
        self
    }

    /// The pattern of a line; none for a solid one.
    pub fn pattern(&self, dash: Dash) -> Option<&'static str> {
        match dash {
            Dash::Solid | Dash::Join => None,
            Dash::Dashed => Some(self.dashed),
            Dash::Dotted => Some(self.dotted_pattern),
            Dash::DashDot => Some(self.dash_dot),
            Dash::LongDash => Some(self.long_dash),
        }
    }

    /// Weight of a line of data of this pattern.
    pub fn weight(&self, dash: Dash) -> u32 {
        match dash {
            Dash::Dotted => self.dotted,
            Dash::Join => self.join,
            Dash::Solid | Dash::Dashed | Dash::DashDot | Dash::LongDash => self.line,
        }
    }

    /// Height of the strip of residuals in a frame of this height.
    pub fn strip_height(&self, height: i32) -> i32 {
        (height * 24 / 100).clamp(self.strip.0, self.strip.1)
    }
}
