using System.Collections.Frozen;
using System.Text;
using CleanRoom.Datasets.Normalise;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>What the contract demands of the cells of one column.</summary>
internal sealed class ColumnRule
{
    private const int Sha256Bytes = 32;
    private const int LargestScale = 18;

    private readonly byte[] _digest = new byte[Sha256Bytes];
    private readonly CellKeyer _keyer;
    private readonly ColumnDomain? _domain;
    private readonly ClampBounds? _clamp;
    private readonly IdentifierProfile? _profile;
    private FrozenSet<UInt128>? _values;

    private ColumnRule(SchemaColumn column, ColumnPolicy policy, CellKeyer keyer, IdentifierProfile? profile)
    {
        (Name, Type, Scale) = (column.Name, policy.Type, policy.Scale ?? 0);
        (IsNullable, IsUnique) = (column.Nullable, column.Unique);
        (_keyer, _domain, _clamp, _profile) = (keyer, policy.Domain, policy.Clamp, profile);
    }

    private ColumnRule(ColumnRule other)
    {
        (Name, Type, Scale) = (other.Name, other.Type, other.Scale);
        (IsNullable, IsUnique) = (other.IsNullable, other.IsUnique);
        (_keyer, _domain, _clamp, _profile, _values) = (other._keyer, other._domain, other._clamp, other._profile, other._values);
    }

    /// <summary>Gets the column's name.</summary>
    public string Name { get; }

    /// <summary>Gets the type of its values.</summary>
    public ColumnType Type { get; }

    /// <summary>Gets the digits after the point of a decimal; 0 for other types.</summary>
    public int Scale { get; }

    /// <summary>Gets a value that says whether NULL is allowed.</summary>
    public bool IsNullable { get; }

    /// <summary>Gets a value that says whether no value may occur twice.</summary>
    public bool IsUnique { get; }

    /// <summary>Gets the name of the identifier profile; null for other columns.</summary>
    public string? Profile => _profile?.Name;

    /// <summary>Gets a value that says whether <see cref="Judge"/> has anything to say.</summary>
    public bool JudgesValues => _clamp is not null || _domain is not null;

    private bool IsNumeric => Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal;

    /// <summary>Makes the rule, or says what in the contract cannot be checked. Exactly one of the two is null.</summary>
    public static (ColumnRule? Rule, DatasetProblem? Problem) Create(SchemaColumn column, ColumnPolicy policy, CellKeyer keyer)
    {
        IdentifierProfile? profile = null;
        var rule = policy.Normalise is { } name && !IdentifierProfile.TryGet(name, out profile)
            ? null
            : new ColumnRule(column, policy, keyer, profile);
        var wanted = rule is null ? $"one of the profiles {string.Join(", ", IdentifierProfile.Names)}" : rule.CheckPolicy(policy);
        return wanted is null
            ? (rule, null)
            : (null, DatasetProblem.OfColumn(ProblemKind.ContractUnusable, column.Name, wanted, "a contract that says otherwise"));
    }

    /// <summary>Returns the same rule with memory of its own, for another thread.</summary>
    public ColumnRule Fork() => new(this);

    /// <summary>Reads a cell and applies every rule of the column but uniqueness. Not safe for concurrent calls.</summary>
    /// <param name="source">The cell's text is in it; ignored for NULL.</param>
    /// <param name="place">Where.</param>
    /// <param name="isNull">True for NULL.</param>
    /// <param name="cell">Gets the value. Its bytes lie in the text or in this rule, until the next call.</param>
    /// <param name="change">Gets how the value differs from the text.</param>
    /// <returns>Null, or what is wrong.</returns>
    public ProblemKind? Read(byte[] source, (int Start, int Length) place, bool isNull, ref CheckedCell cell, out CellChange change)
    {
        change = CellChange.None;
        cell = new CheckedCell { IsNull = isNull };
        if (isNull)
        {
            return IsNullable ? null : ProblemKind.NullNotAllowed;
        }

        var fit = ReadValue(source, place, ref cell, out var isRounded);
        change = isRounded ? CellChange.Rounded : CellChange.None;
        return fit switch
        {
            LexicalFit.WrongForm => ProblemKind.WrongType,
            LexicalFit.OutsideRange => ProblemKind.OutsideTypeRange,
            _ => CheckIdentifier(ref cell, ref change) ?? Judge(cell),
        };
    }

    /// <summary>States a rule in words, for the owner's report.</summary>
    public string Wanted(ProblemKind kind) => kind switch
    {
        ProblemKind.NullNotAllowed => "a value in every row",
        ProblemKind.OutsideClamp => $"a value from {_clamp?.Min} to {_clamp?.Max}",
        ProblemKind.OutsideDomain => _values is { } values
            ? $"one of the {values.Count} values of the domain"
            : $"a value from {_domain?.Min} to {_domain?.Max}" + (_domain?.Step is { } step ? $" in steps of {step}" : ""),
        ProblemKind.DuplicateValue => "every value once",
        ProblemKind.NotNormalised => $"an identifier that has a normal form under {_profile?.Name}",
        ProblemKind.SentinelIdentifier => "an identifier of somebody, or null",
        _ => Type switch
        {
            ColumnType.Boolean => "true, false, 1 or 0",
            ColumnType.Int32 => "an integer of 32 bits, such as -12",
            ColumnType.Int64 => "an integer of 64 bits, such as -12",
            ColumnType.Decimal => $"a decimal of at most {LargestScale - Scale} digits before the point, such as -12.5",
            ColumnType.Date => "a date such as 2026-01-31",
            ColumnType.Timestamp => "a time such as 2026-01-31T08:00:00.000000Z",
            ColumnType.Uuid => "a uuid",
            ColumnType.Sha256 => "64 hex digits",
            _ => "text",
        },
    };

    /// <summary>Returns a number of the last decimal digit as a decimal. Exact: 19 digits fit the 28 of the type.</summary>
    public static decimal ToDecimal(long unscaled, int scale)
    {
        var magnitude = (UInt128)Int128.Abs(unscaled);
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, unscaled < 0, (byte)scale);
    }

    private LexicalFit ReadValue(byte[] source, (int Start, int Length) place, ref CheckedCell cell, out bool isRounded)
    {
        isRounded = false;
        var text = source.AsSpan(place.Start, place.Length);
        switch (Type)
        {
            case ColumnType.Boolean:
                return LexicalForms.ReadBoolean(text, out cell.Number);
            case ColumnType.Int32:
                return LexicalForms.ReadInteger(text, int.MinValue, int.MaxValue, out cell.Number);
            case ColumnType.Int64:
                return LexicalForms.ReadInteger(text, long.MinValue, long.MaxValue, out cell.Number);
            case ColumnType.Decimal:
                return LexicalForms.ReadDecimal(text, Scale, out cell.Number, out isRounded);
            case ColumnType.Date:
                return LexicalForms.ReadDate(text, out cell.Number);
            case ColumnType.Timestamp:
                return LexicalForms.ReadTimestamp(text, out cell.Number);
            case ColumnType.Uuid:
                return LexicalForms.ReadUuid(text, out cell.Wide);
            case ColumnType.Sha256:
                cell.Refer(_digest, 0, _digest.Length);
                return LexicalForms.ReadSha256(text, _digest);
            default:
                cell.Refer(source, place.Start, place.Length);
                return LexicalFit.Accepted;
        }
    }

    private ProblemKind? CheckIdentifier(ref CheckedCell cell, ref CellChange change)
    {
        if (_profile is null)
        {
            return null;
        }

        if (Sentinels.IsPlaceholder(Type, cell))
        {
            return ProblemKind.SentinelIdentifier;
        }

        // What is hashed already was normalised by its owner, or was not: nobody can tell.
        if (Type != ColumnType.String)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(cell.Bytes);
        if (!_profile.TryNormalise(text, out var normal))
        {
            return ProblemKind.NotNormalised;
        }

        if (!string.Equals(text, normal, StringComparison.Ordinal))
        {
            change = CellChange.Normalised;
            cell.Refer(Encoding.ASCII.GetBytes(normal), 0, normal.Length);
        }

        return null;
    }

    /// <summary>Applies clamp and domain to a value.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public ProblemKind? Judge(in CheckedCell cell)
    {
        if (_clamp is not null && ToDecimal(cell.Number, Scale) is var value && (value < _clamp.Min || value > _clamp.Max))
        {
            return ProblemKind.OutsideClamp;
        }

        return IsInDomain(cell) ? null : ProblemKind.OutsideDomain;
    }

    private bool IsInDomain(in CheckedCell cell)
    {
        if (_domain is null)
        {
            return true;
        }

        if (_values is not null)
        {
            return _values.Contains(_keyer.Key(Type, cell));
        }

        var value = ToDecimal(cell.Number, Scale);
        return value >= _domain.Min && value <= _domain.Max && (_domain.Step is not { } step || (value - _domain.Min) % step == 0);
    }

    /// <summary>Returns what the policy should say; null if the rule can be applied.</summary>
    private string? CheckPolicy(ColumnPolicy policy)
    {
        if (!Enum.IsDefined(Type) || (Type == ColumnType.Decimal && policy.Scale is not (>= 0 and <= LargestScale)))
        {
            return $"a known type, and a scale from 0 to {LargestScale} for a decimal";
        }

        if (Type != ColumnType.Decimal && policy.Scale is not (null or 0))
        {
            return "a scale only for a decimal";
        }

        if (_clamp is not null && !IsNumeric)
        {
            return "a clamp only for a number";
        }

        if (_profile is not null && Type is not (ColumnType.String or ColumnType.Sha256))
        {
            return "a profile only for text or sha256";
        }

        if (_domain is null)
        {
            return null;
        }

        if (_domain.Values is { } values)
        {
            return _domain is { Min: null, Max: null, Step: null } && TryReadDomain(values) ? null : "domain values in the form of the type, and no range beside them";
        }

        return IsNumeric && _domain is { Min: not null, Max: not null } && _domain.Step is null or > 0
            ? null
            : "a domain with min and max, and a step above 0, for a number";
    }

    private bool TryReadDomain(IEnumerable<string> values)
    {
        var keys = new HashSet<UInt128>();
        foreach (var value in values)
        {
            var cell = default(CheckedCell);
            var text = Encoding.UTF8.GetBytes(value);
            if (ReadValue(text, (0, text.Length), ref cell, out var isRounded) != LexicalFit.Accepted || isRounded)
            {
                return false;
            }

            keys.Add(_keyer.Key(Type, cell));
        }

        _values = keys.ToFrozenSet();
        return true;
    }
}
