using System.Text.Json.Serialization;

namespace CleanRoom.Datasets.Problems;

/// <summary>What can be wrong with a dataset. Every kind refuses the dataset. Spec: contracts/spec/0007 s.6.</summary>
/// <remarks>Persisted in reports: never renumbered, never renamed.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<ProblemKind>))]
public enum ProblemKind
{
    /// <summary>Never reported.</summary>
    [JsonStringEnumMemberName("none")] None = 0,

    // The file as a whole.
    [JsonStringEnumMemberName("not-utf8")] NotUtf8 = 100,
    [JsonStringEnumMemberName("header-missing")] HeaderMissing = 101,
    [JsonStringEnumMemberName("header-duplicate")] HeaderDuplicate = 102,
    [JsonStringEnumMemberName("header-blank")] HeaderBlank = 103,
    [JsonStringEnumMemberName("too-many-columns")] TooManyColumns = 104,
    [JsonStringEnumMemberName("no-rows")] NoRows = 105,
    [JsonStringEnumMemberName("format-unreadable")] FormatUnreadable = 106,
    [JsonStringEnumMemberName("format-unsupported")] FormatUnsupported = 107,
    [JsonStringEnumMemberName("column-missing")] ColumnMissing = 108,
    [JsonStringEnumMemberName("column-unknown")] ColumnUnknown = 109,
    [JsonStringEnumMemberName("contract-unusable")] ContractUnusable = 110,
    [JsonStringEnumMemberName("too-many-distinct")] TooManyDistinct = 111,

    // One record; the reader cannot go on after the first three.
    [JsonStringEnumMemberName("quote-unterminated")] QuoteUnterminated = 200,
    [JsonStringEnumMemberName("cell-too-large")] CellTooLarge = 201,
    [JsonStringEnumMemberName("row-too-large")] RowTooLarge = 202,
    [JsonStringEnumMemberName("bad-utf8")] BadUtf8 = 203,
    [JsonStringEnumMemberName("ragged-row")] RaggedRow = 204,
    [JsonStringEnumMemberName("quote-misplaced")] QuoteMisplaced = 205,
    [JsonStringEnumMemberName("nul-character")] NulCharacter = 206,
    [JsonStringEnumMemberName("bad-line-end")] BadLineEnd = 207,

    // One cell.
    [JsonStringEnumMemberName("wrong-type")] WrongType = 300,
    [JsonStringEnumMemberName("outside-type-range")] OutsideTypeRange = 301,
    [JsonStringEnumMemberName("null-not-allowed")] NullNotAllowed = 302,
    [JsonStringEnumMemberName("outside-clamp")] OutsideClamp = 303,
    [JsonStringEnumMemberName("outside-domain")] OutsideDomain = 304,
    [JsonStringEnumMemberName("duplicate-value")] DuplicateValue = 305,
    [JsonStringEnumMemberName("not-normalised")] NotNormalised = 306,
    [JsonStringEnumMemberName("sentinel-identifier")] SentinelIdentifier = 307,

    // One unit.
    [JsonStringEnumMemberName("too-many-rows-per-unit")] TooManyRowsPerUnit = 400,
}
