namespace CleanRoom.Attesters.Endorsements;

/// <summary>The AMD products with SEV-SNP, each under a root of its own. Bergamo and Siena are under Genoa's.</summary>
public enum AmdProduct
{
    /// <summary>Never used.</summary>
    None = 0,

    Milan = 1,
    Genoa = 2,
    Turin = 3,
}
