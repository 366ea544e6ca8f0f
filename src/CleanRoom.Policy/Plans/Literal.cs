using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Plans;

/// <summary>A typed constant in its one text form.</summary>
/// <param name="Type">The type; numbers beside outputs are <see cref="ColumnType.Decimal"/>.</param>
/// <param name="Text">
/// <c>true</c>/<c>false</c>; digits with an optional minus, a point and no superfluous zeros; text as it is; <c>yyyy-MM-dd</c>;
/// <c>yyyy-MM-dd HH:mm:ss[.ffffff]</c>; a UUID or a digest in lower-case hex. Spec: contracts/spec/0008 s.6.
/// </param>
public sealed record Literal(ColumnType Type, string Text);
