using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>A TCB_VERSION: security versions side by side, compared one by one and never as one number. Spec: AMD 56860 s.2.2.</summary>
/// <param name="Raw">8 bytes, as they stand in the report.</param>
internal readonly record struct SnpTcb(Bytes Raw)
{
    public const int Length = 8;

    /// <summary>Returns the version of a component.</summary>
    public int this[SnpTcbComponent component] => Raw.Span[component.Index];

    /// <summary>Returns whether no component is above the other's.</summary>
    public bool IsAtMost(SnpTcb other, SnpProduct product)
    {
        var self = this;
        return product.Components.All(component => self[component] <= other[component]);
    }

    /// <summary>Returns whether a byte is set that stands for no component of the product.</summary>
    public bool HasReserved(SnpProduct product)
    {
        var self = this;
        return Enumerable.Range(0, Length).Any(i => self.Raw.Span[i] != 0 && product.Components.All(component => component.Index != i));
    }
}
