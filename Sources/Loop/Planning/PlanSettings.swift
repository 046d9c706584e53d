public import Clearing
public import EconomicDispatch
public import Forecasting

/// How dispatch is planned: by which dispatcher, on which forecast, how far ahead and how often.
public struct PlanSettings: Sendable {
    /// Makes the dispatcher.
    public var dispatcher: DispatcherMaker
    /// How devices forecast what they could do.
    public var forecast: ForecastMethod
    /// Length of a plan, in steps.
    public let horizonSteps: Int
    /// Steps from one plan to the next, at most `horizonSteps`.
    public let replanSteps: Int
    /// Steps of the run in one step of a plan; both `horizonSteps` and `replanSteps` are multiples of it.
    public let stepsInPlanStep: Int
    /// What every plan must keep to.
    public var rules: PlanRules
    /// How the powers of each step are agreed between two plans.
    public var clearing: ClearingSettings

    /// Creates settings with a dispatcher of any kind.
    public init(
        dispatcher: DispatcherMaker, forecast: ForecastMethod, horizonSteps: Int, replanSteps: Int,
        stepsInPlanStep: Int = 1, rules: PlanRules = PlanRules(),
        clearing: ClearingSettings = ClearingSettings()
    ) {
        precondition(horizonSteps >= replanSteps && replanSteps > 0 && stepsInPlanStep > 0)
        precondition(horizonSteps % stepsInPlanStep == 0 && replanSteps % stepsInPlanStep == 0)
        self.stepsInPlanStep = stepsInPlanStep
        self.dispatcher = dispatcher
        self.forecast = forecast
        self.horizonSteps = horizonSteps
        self.replanSteps = replanSteps
        self.rules = rules
        self.clearing = clearing
    }

    /// Creates settings with one of the built-in dispatchers.
    public init(
        method: DispatchMethod, forecast: ForecastMethod, horizonSteps: Int, replanSteps: Int,
        stepsInPlanStep: Int = 1, rules: PlanRules = PlanRules(),
        clearing: ClearingSettings = ClearingSettings()
    ) {
        self.init(
            dispatcher: DispatcherMaker(method), forecast: forecast, horizonSteps: horizonSteps,
            replanSteps: replanSteps, stepsInPlanStep: stepsInPlanStep, rules: rules, clearing: clearing)
    }
}
