namespace CleanRoom.Grains.Budgets;

/// <summary>How budget logs are told from collaborations in a store of logs.</summary>
public static class BudgetStore
{
    private const string Prefix = "budget-";

    /// <summary>Returns the store's key for the log of a name.</summary>
    public static string KeyOf(string name) => Prefix + name;

    /// <summary>Says whether a store's key is that of a budget log.</summary>
    public static bool IsBudgetLog(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);
}
